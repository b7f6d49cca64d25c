#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "mj/evidence/log.hpp"

namespace mj::intake {

/// Appends entries in their order, some batches ahead of the disk, and waits when more would be on their way than
/// kMostWaiting. Thread: one.
class BatchWriter {
 public:
  /// `told`: the mark of the newest entry that is durable; called on the thread that writes.
  BatchWriter(evidence::Log& log, std::function<void(std::uint64_t mark)> told);
  /// Waits for what was appended.
  ~BatchWriter();
  BatchWriter(const BatchWriter&) = delete;
  BatchWriter& operator=(const BatchWriter&) = delete;

  /// Errors: unavailable when an earlier entry could not be committed; nothing is appended behind it.
  Status add(const evidence_format::Entry& entry, std::uint64_t mark);
  /// Waits until everything is durable.
  Status finish();

 private:
  /// Outlives the writer in the call-backs of the log.
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t waiting_bytes = 0;
    std::uint64_t durable = 0;
    std::string failure;
  };
  Status send();
  Status wait_below(std::size_t bytes);

  evidence::Log& log_;
  std::function<void(std::uint64_t)> told_;
  std::shared_ptr<Shared> shared_;
  evidence::Batch batch_;
  std::uint64_t mark_ = 0;
};

}  // namespace mj::intake
