"""The screens of the patients' room, one file each."""
