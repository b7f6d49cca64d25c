// An ignored Result or Status is an error of the compiler, not a matter of review.
// expect: ignoring .*nodiscard
#include "mj/kernel/result.hpp"

mj::Status save();
mj::Result<int> load();

void caller() {
#if MJ_MUST_FAIL
  save();
  load();
#else
  if (!save()) return;
  if (!load()) return;
#endif
}
