"""The parcel page: its file, plan, lanes of time and acts."""
