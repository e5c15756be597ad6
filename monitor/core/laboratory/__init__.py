"""What people do with rules before they trust them: prove, explain, lint, edit."""
