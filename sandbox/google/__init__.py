"""Google's side: for now accounts, and the sign-in with them (OpenID Connect)."""
