"""Git: clone, commit and push over HTTP(S) and SSH, commit signing, SSH keys and host keys."""
