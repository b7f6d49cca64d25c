#pragma once

#include <future>

#include "mj/evidence/log.hpp"
#include "scene.hpp"

namespace mj::alarm {

/// A real evidence log in a directory of its own, with a short way to write into it.
class WrittenLog {
 public:
  WrittenLog() {
    evidence::LogOptions options;
    options.origin = "test.local/alarm";
    auto log = evidence::Log::open(directory_.path() / "evidence", options);
    if (!log) throw std::runtime_error(log.error().text());
    log_ = std::move(*log);
  }

  void add(evidence_format::EntryType type, Instant received_at, std::string_view device,
           std::string_view payload) {
    evidence_format::Entry entry;
    entry.type = type;
    entry.received_at = received_at;
    entry.connection = 1;
    entry.peer = "127.0.0.1:1";
    entry.device = device;
    entry.payload = as_bytes(payload);
    if (Status added = waiting_.add(entry); !added) throw std::runtime_error(added.error().text());
  }

  /// The log with everything added.
  [[nodiscard]] evidence::Log& get() {
    if (waiting_.count() > 0) {
      std::promise<bool> durable;
      const Status queued =
          log_->append(std::exchange(waiting_, evidence::Batch()),
                       [&](const Result<evidence::EntryIndex>& first) { durable.set_value(first.has_value()); });
      if (!queued || !durable.get_future().get()) throw std::runtime_error("the log cannot commit");
    }
    return *log_;
  }
  [[nodiscard]] std::uint64_t size() { return get().size(); }

 private:
  ScratchDirectory directory_;
  std::unique_ptr<evidence::Log> log_;
  evidence::Batch waiting_;
};

}  // namespace mj::alarm
