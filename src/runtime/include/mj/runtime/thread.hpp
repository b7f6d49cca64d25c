#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>

namespace mj::runtime {

/// A thread with a name that operators see in `top -H`; asked to stop and joined by its destructor. An exception that
/// reaches its root is logged and ends the process: a silent dead follower would be worse.
[[nodiscard]] std::jthread start_thread(std::string name, std::function<void(std::stop_token)> body);

/// Makes a background thread give way to the threads that serve devices and people.
/// `steps`: each makes its share of a busy machine about a fifth smaller (nice value, 1…19).
void lower_thread_priority(int steps = 5);

}  // namespace mj::runtime
