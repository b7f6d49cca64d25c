#include "mj/evidence/log.hpp"
#include "mj/evidence/verify.hpp"
