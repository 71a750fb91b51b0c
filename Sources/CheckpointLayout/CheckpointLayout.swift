/// Which files of a folder are a checkpoint, told from names alone.
