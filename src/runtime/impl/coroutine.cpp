#include "mj/runtime/coroutine.hpp"

#include "mj/runtime/log.hpp"

namespace mj::runtime {

void log_coroutine_failure(const std::string& room, const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& reason) {
    log(Level::error, room, "a coroutine ended by an exception: {}", reason.what());
  } catch (...) {
    log(Level::error, room, "a coroutine ended by something that is no std::exception");
  }
}

}  // namespace mj::runtime
