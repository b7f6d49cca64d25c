#pragma once

#include <exception>
#include <string>

namespace mj::runtime {

/// Logs an exception that reached the root of a coroutine; null is no failure.
void log_coroutine_failure(const std::string& room, const std::exception_ptr& failure);

/// Completion handler for asio::co_spawn, in place of asio::detached, which would swallow the exception: the coroutine's
/// end needs nobody's attention, its failure is logged under the name of the room.
struct LogFailure {
  std::string room;
  void operator()(const std::exception_ptr& failure) const { log_coroutine_failure(room, failure); }
};

}  // namespace mj::runtime
