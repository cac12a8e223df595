"""Facts and pictures from uploaded bytes; the only importer of decoders, all in another process."""
