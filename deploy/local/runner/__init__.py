"""The one-machine runner of Karez: installs, builds, starts, watches and stops everything."""
