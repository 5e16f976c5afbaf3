"""The screens of the imports, one file each."""
