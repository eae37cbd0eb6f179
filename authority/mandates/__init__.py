"""Power lent from one officer to another: delegations, deputies, absences."""
