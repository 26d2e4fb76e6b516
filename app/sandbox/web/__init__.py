"""The web face of the sandbox: people look at repositories and issues and act in them, directly on the world.

No sign-in, because it answers on loopback only (`doorway`); POST only from its own pages (`forms`). Nothing is loaded from
elsewhere, and Markdown never becomes HTML of its author's making (`prose`).
"""
