"""The commands of `resume-assets`, a module for each subject. Thin: they call what the assets and the apps call."""
