"""The book of persons: one page for each party, with everything he holds, owes and disputes."""
