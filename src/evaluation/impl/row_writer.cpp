#include "row_writer.hpp"

#include "mj/runtime/thread.hpp"
#include "result_schema.hpp"

namespace mj::evaluation {
namespace {

constexpr std::size_t kBlockRows = 8192;
/// Blocks that may wait; then judging waits.
constexpr std::size_t kMostBlocks = 8;

Status append(duck::Writer& writer, const StoredRow& row) {
  writer.put(0, row.element);
  writer.put(1, row.level);
  writer.put(2, row.subject);
  writer.put(3, row.period);
  writer.put(4, row.at_h);
  writer.put(5, row.indicator);
  writer.put(6, row.mantissa);
  if (!row.has_value) writer.put_null(6);
  writer.put(7, row.decimals);
  writer.put(8, row.grade);
  writer.put(9, row.primary);
  writer.put(10, row.complete);
  writer.put(11, row.reason);
  writer.put(12, row.standard);
  writer.put(13, row.verification);
  writer.put(14, row.inputs);
  writer.put(15, row.expected);
  writer.put(16, row.first_entry);
  writer.put(17, row.last_entry);
  writer.put(18, row.digest);
  writer.put(19, row.run);
  writer.put(20, row.stage);
  return writer.next_row();
}

}  // namespace

RowWriter::RowWriter(duck::Connection& connection) : connection_(connection) {
  block_.reserve(kBlockRows);
  thread_ = runtime::start_thread("evaluation-rows", [this](const std::stop_token&) {
    if (const Status done = write_blocks(); !done) {
      const std::lock_guard lock(mutex_);
      failure_ = done.error();
    }
    changed_.notify_all();
  });
}

RowWriter::~RowWriter() {
  {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status RowWriter::write_blocks() {
  MJ_TRY(auto writer, duck::Writer::open(connection_, "result", kResultTypes));
  while (true) {
    std::vector<StoredRow> block;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !blocks_.empty() || ended_ || given_up_; });
      if (given_up_) return {};
      if (blocks_.empty()) break;
      block = std::move(blocks_.front());
      blocks_.pop_front();
    }
    changed_.notify_all();
    for (const StoredRow& row : block) MJ_CHECK(append(*writer, row));
  }
  return writer->close();
}

void RowWriter::hand_over() {
  std::vector<StoredRow> next;
  next.reserve(kBlockRows);
  std::swap(next, block_);
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return blocks_.size() < kMostBlocks || failure_; });
    blocks_.push_back(std::move(next));
  }
  changed_.notify_all();
}

Status RowWriter::add(const StoredRow& row) {
  block_.push_back(row);
  if (block_.size() < kBlockRows) return {};
  hand_over();
  const std::lock_guard lock(mutex_);
  if (failure_) return *failure_;
  return {};
}

Status RowWriter::close() {
  hand_over();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
  const std::lock_guard lock(mutex_);
  if (failure_) return *failure_;
  return {};
}

}  // namespace mj::evaluation
