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
void lower_thread_priority();

}  // namespace mj::runtime
