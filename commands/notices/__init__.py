"""What we tell people outside of any operation's own message: what a notice is, and what becomes of a review."""
