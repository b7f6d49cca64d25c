#include "file_limit.hpp"

#include <sys/resource.h>

namespace mj::simulator {

Status raise_file_limit(std::uint64_t needed) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return Error(ErrorCode::unavailable, "the limit of open files cannot be read");
  if (limit.rlim_cur >= needed) return {};
  rlimit wanted = limit;
  wanted.rlim_cur = std::min<rlim_t>(needed, limit.rlim_max);
  if (setrlimit(RLIMIT_NOFILE, &wanted) != 0 || wanted.rlim_cur < needed) {
    return Error(ErrorCode::unavailable,
                 fmt::format("{} open files are needed and {} are allowed: raise it with `ulimit -Hn`", needed,
                             limit.rlim_max));
  }
  return {};
}

}  // namespace mj::simulator
