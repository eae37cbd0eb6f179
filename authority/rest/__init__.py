"""How the API speaks: `keys` who asks, `paging` how pages follow, `parsing` and `problems` what is read or refused."""
