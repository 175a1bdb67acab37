"""What customers say of their own accord in mails, call notes and chats: no more of this, someone died, a complaint."""
