#include "mj/runtime/thread.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>

#include "mj/runtime/log.hpp"

namespace mj::runtime {

std::jthread start_thread(std::string name, std::function<void(std::stop_token)> body) {
  return std::jthread([name = std::move(name), body = std::move(body)](std::stop_token stop) {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    try {
      body(stop);
    } catch (const std::exception& failure) {
      log(Level::error, name, "thread ended by an exception: {}", failure.what());
      std::abort();
    }
  });
}

void lower_thread_priority(int steps) {
  // On Linux the nice value belongs to the thread, not to the process.
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), steps);
}

}  // namespace mj::runtime
