#include "batch_writer.hpp"

namespace mj::intake {
namespace {

constexpr std::size_t kBatchBytes = 2U << 20;
constexpr std::size_t kMostWaiting = 16U << 20;

}  // namespace

BatchWriter::BatchWriter(evidence::Log& log, std::function<void(std::uint64_t mark)> told)
    : log_(log), told_(std::move(told)), shared_(std::make_shared<Shared>()) {}

BatchWriter::~BatchWriter() {
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [this] { return shared_->waiting_bytes == 0; });
}

Status BatchWriter::add(const evidence_format::Entry& entry, std::uint64_t mark) {
  MJ_CHECK(batch_.add(entry));
  mark_ = mark;
  return batch_.bytes() < kBatchBytes ? Status() : send();
}

Status BatchWriter::wait_below(std::size_t bytes) {
  std::uint64_t durable = 0;
  {
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait(lock, [&] { return shared_->waiting_bytes <= bytes || !shared_->failure.empty(); });
    if (!shared_->failure.empty())
      return Error(ErrorCode::unavailable, fmt::format("the file is not whole in the log: {}", shared_->failure));
    durable = shared_->durable;
  }
  if (told_) told_(durable);
  return {};
}

Status BatchWriter::send() {
  if (batch_.count() == 0) return {};
  const std::size_t bytes = batch_.bytes();
  MJ_CHECK(wait_below(kMostWaiting - bytes));
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->waiting_bytes += bytes;
  }
  const Status queued = log_.append(
      std::move(batch_), [shared = shared_, bytes, mark = mark_](const Result<evidence::EntryIndex>& committed) {
        const std::lock_guard lock(shared->mutex);
        shared->waiting_bytes -= bytes;
        if (committed) {
          shared->durable = mark;
        } else if (shared->failure.empty()) {
          shared->failure = committed.error().text();
        }
        shared->changed.notify_all();
      });
  batch_ = evidence::Batch();
  if (!queued) {
    const std::lock_guard lock(shared_->mutex);
    shared_->waiting_bytes -= bytes;
    return queued.error();
  }
  return {};
}

Status BatchWriter::finish() {
  MJ_CHECK(send());
  return wait_below(0);
}

}  // namespace mj::intake
