#!/bin/sh
# Says hello as a verifier (backends/verifiers/adapters/README.md), and then nothing more, whatever happens to its input.
echo '{"protocol":"assay-exec/1","name":"silent","library":"none","version":"1","algorithms":["HS256"]}'
exec sleep 1000
