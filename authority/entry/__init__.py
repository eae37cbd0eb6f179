"""How people come in: passwords, second factor, sessions, single sign-on, and the way back for who has lost his own."""
