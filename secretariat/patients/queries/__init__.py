"""What the screens of the patients' room show."""
