"""Mail, out by SMTP and in by IMAP. No rules of business: what is said when is decided by the actions."""
