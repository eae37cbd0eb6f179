"""The audit trail as chains of hashes, one for each governorate: form, check, daily signed heads, proofs."""
