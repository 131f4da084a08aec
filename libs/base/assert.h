// For broken invariants of ours, never for input. Ends the process with the expression and place:
// a process in an impossible state must not go on to write.
#pragma once

#include <cstdio>
#include <cstdlib>

#define KAREZ_ASSERT(expression)                                                              \
  do {                                                                                        \
    if (!(expression)) {                                                                      \
      std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #expression); \
      std::abort();                                                                           \
    }                                                                                         \
  } while (false)
