"""What the disk, the file and the folder can do to a journal: told in a sentence, nothing lost, and it goes on."""
