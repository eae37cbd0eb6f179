"""An invented sample in two real governorates: places are real, people, parcels, holdings and cases are not."""
