/* Builds backends/skeleton.c.txt, so that the text for newcomers always compiles and loads. */
#include "backends/skeleton.c.txt"
