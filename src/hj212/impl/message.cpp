#include "mj/hj212/message.hpp"
#include "mj/hj212/json.hpp"
