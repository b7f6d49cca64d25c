// MJ_TRY hands the error on; a function that cannot return one cannot use it.
// expect: no viable conversion from .*Error
#include "mj/kernel/result.hpp"

mj::Result<int> load();

#if MJ_MUST_FAIL
int twice() {
  MJ_TRY(const int value, load());
  return 2 * value;
}
#else
mj::Result<int> twice() {
  MJ_TRY(const int value, load());
  return 2 * value;
}
#endif
