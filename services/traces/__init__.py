"""A small local trace server: takes what the Weave SDK sends, keeps it in one SQLite file, shows it on pages."""
