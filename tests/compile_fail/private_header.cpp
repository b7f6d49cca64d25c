// What lies in impl/ of a room is out of reach for everybody else.
// expect: 'impl/network\.cpp' file not found
#include "mj/registry/network.hpp"
#if MJ_MUST_FAIL
#include "impl/network.cpp"
#endif
