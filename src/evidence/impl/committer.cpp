#include "committer.hpp"

#include "mj/runtime/log.hpp"

namespace mj::evidence {
namespace {

constexpr auto kRetryAfter = std::chrono::milliseconds(100);
/// A buffer that one huge batch made grow is not kept.
constexpr std::size_t kKeptBufferBytes = 16U << 20U;
/// Handing work to another thread and back costs about as much as hashing this much.
constexpr std::size_t kWorthAThread = 32U << 10U;

template <typename Visit>
void each_entry(const std::vector<Submission>& group, Visit&& visit) {
  for (const Submission& submission : group) {
    BytesView rest = submission.encoded;
    for (const std::uint32_t length : submission.lengths) {
      visit(rest.first(length));
      rest = rest.subspan(length);
    }
  }
}

/// Header and body.
std::size_t batch_bytes(const std::vector<Submission>& group) {
  std::size_t total = kBatchHeaderBytes;
  for (const Submission& submission : group) {
    total += submission.encoded.size() + submission.lengths.size() * kEntryPrefixBytes;
  }
  return total;
}

}  // namespace

Committer::Committer(const LogOptions& options, const Layout& layout, std::string origin, SegmentWriter writer,
                     TreeFiles& tree, TreeEdges edges, std::uint64_t sealed_bytes, Publish publish, Faults faults)
    : options_(options),
      layout_(layout),
      origin_(std::move(origin)),
      publish_(std::move(publish)),
      faults_(std::move(faults)),
      writer_(std::move(writer)),
      tree_(tree),
      edges_(std::move(edges)),
      sealed_bytes_(sealed_bytes) {}

Status Committer::append(Submission submission) {
  if (submission.lengths.empty()) return Error(ErrorCode::invalid_input, "an empty batch cannot be committed");
  const std::size_t bytes = submission.encoded.size();
  const std::size_t body = bytes + submission.lengths.size() * kEntryPrefixBytes;
  if (bytes > options_.max_queued_bytes || body > kMaxBatchBodyBytes) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("a batch of {} bytes is larger than the queue of the log", bytes));
  }
  {
    const std::lock_guard lock(mutex_);
    if (broken_) return Error(ErrorCode::unavailable, failure_);
    if (queued_bytes_ + bytes > options_.max_queued_bytes) {
      return Error(ErrorCode::unavailable, "the evidence log is busy: its queue is full");
    }
    queued_bytes_ += bytes;
    queue_.push_back(std::move(submission));
  }
  queue_changed_.notify_one();
  return {};
}

std::string Committer::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

Published Committer::published() const {
  return Published{edges_.sha256.root(), edges_.sm3.root(),
                   LogSize{edges_.size(), sealed_bytes_ + writer_.bytes(), writer_.header().number + 1}};
}

void Committer::set_failure(std::string text) {
  const std::lock_guard lock(mutex_);
  if (failure_ == text) return;
  if (text.empty()) {
    runtime::log(runtime::Level::info, "evidence", "the log can be written again");
  } else {
    runtime::log(runtime::Level::error, "evidence", "nothing can be committed: {}", text);
  }
  failure_ = std::move(text);
}

void Committer::run(const std::stop_token& stop) {
  for (;;) {
    Group group = take(stop);
    if (!group.empty()) {
      commit(group);
    } else if (stop.stop_requested()) {
      return;
    } else {
      publish_growth();
    }
  }
}

Committer::Group Committer::take(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto queued = [this] { return !queue_.empty(); };
  if (unpublished_) {
    queue_changed_.wait_for(lock, stop, kRetryAfter, queued);
  } else {
    queue_changed_.wait(lock, stop, queued);
  }
  if (options_.commit_linger_ms > 0 && queued() && queued_bytes_ < options_.max_batch_bytes) {
    queue_changed_.wait_for(lock, stop, std::chrono::milliseconds(options_.commit_linger_ms),
                            [this] { return queued_bytes_ >= options_.max_batch_bytes; });
  }
  Group group;
  std::size_t bytes = 0;
  while (!queue_.empty() && (group.empty() || bytes + queue_.front().encoded.size() <= options_.max_batch_bytes)) {
    bytes += queue_.front().encoded.size();
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void Committer::commit(Group& group) {
  std::uint64_t index = edges_.size();
  const Status committed = write_and_sync(group);
  if (committed) publish_growth();
  std::size_t bytes = 0;
  for (Submission& submission : group) {
    if (submission.committed) {
      submission.committed(committed ? Result<EntryIndex>(EntryIndex(index))
                                     : Result<EntryIndex>(committed.error()));
    }
    index += submission.lengths.size();
    bytes += submission.encoded.size();
  }
  const std::lock_guard lock(mutex_);
  queued_bytes_ -= bytes;
}

Status Committer::make_ready() {
  {
    const std::lock_guard lock(mutex_);
    if (broken_) return Error(ErrorCode::unavailable, failure_);
  }
  if (unpublished_ && !publish_growth()) return Error(ErrorCode::unavailable, failure());
  if (writer_.bytes() < options_.segment_bytes) return {};
  return start_next_segment();
}

Status Committer::start_next_segment() {
  const std::uint32_t number = writer_.header().number + 1;
  if (number >= kMaxSegments) return Error(ErrorCode::unavailable, "the log has as many segments as it can have");
  SegmentHeader header{number, edges_.size(), random_check_seed(), edges_.sha256.root(), origin_};
  MJ_TRY(SegmentWriter next,
         SegmentWriter::create(layout_, std::move(header), reserve_step(options_.segment_bytes), faults_));
  writer_.release();
  sealed_bytes_ += writer_.bytes();
  writer_ = std::move(next);
  publish_(published(), true);
  return {};
}

Status Committer::write_and_sync(const Group& group) {
  if (Status ready = make_ready(); !ready) return fail(ready.error());

  Stopwatch watch;
  TreeGrowth growth(edges_);
  // Both trees take about as long as everything else here: on a busy log they are grown side by side.
  std::int64_t sm3_ns = 0;
  const auto grow_sm3 = [&] {
    Stopwatch own;
    each_entry(group,
               [&](BytesView entry) { growth.sm3.add(evidence_format::leaf_hash(entry, HashAlgorithm::sm3)); });
    own.lap(sm3_ns);
  };
  const std::size_t total = batch_bytes(group);
  const bool beside = total >= kWorthAThread;
  if (beside) sm3_thread_.begin(grow_sm3);
  const Status durable = write_hash_sync(group, total, growth, watch);
  if (beside) {
    sm3_thread_.finish();
    watch.lap(times_.waited);
  } else if (durable) {
    grow_sm3();
  }
  times_.sm3 += sm3_ns;
  if (!durable) return durable;
  edges_ = growth.edges();
  unpublished_ = std::move(growth);
  return {};
}

Status Committer::write_hash_sync(const Group& group, std::size_t total, TreeGrowth& growth, Stopwatch& watch) {
  // One buffer, one write: batch header, then prefix and entry by turns.
  std::uint32_t entries = 0;
  for (const Submission& submission : group) entries += static_cast<std::uint32_t>(submission.lengths.size());
  buffer_.clear();
  if (buffer_.capacity() > kKeptBufferBytes) buffer_.shrink_to_fit();
  buffer_.reserve(total);
  buffer_.resize(kBatchHeaderBytes);
  const std::uint64_t batch_offset = writer_.bytes();
  std::uint64_t index = edges_.size();
  each_entry(group, [&](BytesView entry) { append_entry(buffer_, entry, writer_.header().seed, index++); });
  watch.lap(times_.assemble);

  if (Status written = writer_.write(buffer_, edges_.size(), entries); !written) return fail(written.error());
  watch.lap(times_.write);
  Location location{writer_.header().number, batch_offset + kBatchHeaderBytes};
  each_entry(group, [&](BytesView entry) {
    growth.sha256.add(evidence_format::leaf_hash(entry));
    growth.add_location(location);
    location.offset += kEntryPrefixBytes + entry.size();
  });
  watch.lap(times_.sha256);

  if (Status synced = writer_.sync(); !synced) {
    // The kernel may have dropped the pages and cleared the error: a second sync that succeeds would prove nothing.
    const std::string text = synced.error().text() + " (restart to check what the disk holds)";
    set_failure(text);
    const std::lock_guard lock(mutex_);
    broken_ = true;
    return Error(ErrorCode::unavailable, text);
  }
  watch.lap(times_.sync);
  return {};
}

Status Committer::fail(const Error& error) {
  set_failure(error.text());
  return Error(ErrorCode::unavailable, error.text());
}

bool Committer::publish_growth() {
  if (!unpublished_) return true;
  Stopwatch watch;
  if (Status written = tree_.write(*unpublished_); !written) {
    // The entries are committed; they become readable when the tree files can be written again.
    set_failure(written.error().text());
    return false;
  }
  watch.lap(times_.tree_files);
  unpublished_.reset();
  set_failure("");
  publish_(published(), false);
  return true;
}

}  // namespace mj::evidence
