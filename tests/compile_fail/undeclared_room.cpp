// The include path of a room holds only what it declared: hj212 (floor 1) cannot see storage (floor 1).
// expect: 'mj/storage/file\.hpp' file not found
#include "mj/hj212/crc.hpp"
#if MJ_MUST_FAIL
#include "mj/storage/file.hpp"
#else
#include "mj/kernel/bytes.hpp"
#endif
