#pragma once

#include <string>

namespace mj::registry {

/// Who decided, and why; both are recorded.
struct Author {
  std::string name;    ///< 1…64 characters
  std::string reason;  ///< 1…500 characters
};

}  // namespace mj::registry
