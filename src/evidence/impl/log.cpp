#include "mj/evidence/log.hpp"

#include <condition_variable>
#include <future>
#include <thread>

#include "committer.hpp"
#include "entry_reader.hpp"
#include "faults.hpp"
#include "mj/evidence_format/proof.hpp"
#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"
#include "recovery.hpp"

namespace mj::evidence {

using evidence_format::Checkpoint;

/// The parts of an open log. Two threads: one commits, one signs checkpoints.
struct Log::Impl {
  Impl(LogOptions given, Recovered recovered, Faults faults)
      : options(std::move(given)),
        layout(recovered.layout),
        lock(std::move(recovered.lock)),
        key(std::move(recovered.key)),
        tree(std::move(recovered.tree)),
        reader(layout, options.origin),
        committer(
            options, layout,
            SegmentWriter(std::move(recovered.last), recovered.end, reserve_step(options.segment_bytes), faults),
            tree, std::move(recovered.edge), recovered.sealed_bytes,
            [this](const Published& now, bool sealed) { publish(now, sealed); }, faults),
        published(committer.published()),
        newest(std::move(recovered.checkpoint)),
        note(std::move(recovered.note)),
        signed_size(newest.size) {
    sign_thread = runtime::start_thread("evidence-sign", [this](std::stop_token stop) { sign_loop(stop); });
    commit_thread =
        runtime::start_thread("evidence-commit", [this](std::stop_token stop) { committer.run(stop); });
  }

  void publish(const Published& now, bool sealed) {
    {
      const std::lock_guard guard(state_mutex);
      published = now;
      sign_at_once = sign_at_once || sealed;
    }
    grown.notify_all();
    if (sealed) sign_wanted.notify_one();
  }

  [[nodiscard]] Published now() const {
    const std::lock_guard guard(state_mutex);
    return published;
  }

  void sign_loop(const std::stop_token& stop) {
    const auto interval = std::chrono::milliseconds(std::max(options.checkpoint_interval_ms, 1));
    while (!stop.stop_requested()) {
      {
        std::unique_lock guard(state_mutex);
        grown.wait(guard, stop, [this] { return published.size.entries > signed_size; });
        sign_wanted.wait_for(guard, stop, interval, [this] { return sign_at_once; });
        sign_at_once = false;
      }
      if (stop.stop_requested()) return;  // the destructor signs the last one
      if (auto made = checkpoint(); !made) {
        runtime::log(runtime::Level::error, "evidence", "cannot sign a checkpoint: {}", made.error().text());
      }
    }
  }

  Result<std::string> checkpoint() {
    const std::lock_guard guard(sign_mutex);
    const Published state = now();
    if (newest.size == state.size.entries) return note;
    // A checkpoint vouches for the tree files too: recovery trusts them up to here.
    MJ_CHECK(tree.sync(state.size.entries));
    const Checkpoint made{options.origin, state.size.entries, state.root};
    std::string text = evidence_format::sign_checkpoint(made, key);
    MJ_CHECK(storage::replace_file(layout.checkpoint(), text));
    newest = made;
    note = std::move(text);
    const std::lock_guard state_guard(state_mutex);
    signed_size = made.size;
    return note;
  }

  Result<InclusionProof> prove(std::uint64_t index) {
    const std::uint64_t size = now().size.entries;
    if (index >= size) {
      return Error(ErrorCode::not_found, fmt::format("the log has {} entries; there is no entry {}", size, index));
    }
    InclusionProof proof;
    proof.index = index;
    {
      const std::lock_guard guard(sign_mutex);
      proof.checkpoint = newest;
      proof.checkpoint_note = note;
    }
    if (proof.checkpoint.size <= index) {
      MJ_CHECK(checkpoint());
      const std::lock_guard guard(sign_mutex);
      proof.checkpoint = newest;
      proof.checkpoint_note = note;
    }
    const auto read_node = [this](evidence_format::NodeId id) { return tree.node(id); };
    MJ_TRY(proof.leaf, tree.node(evidence_format::NodeId{0, index}));
    MJ_TRY(proof.path, evidence_format::inclusion_proof(index, proof.checkpoint.size, read_node));
    MJ_TRY(const Digest root,
           evidence_format::root_from_inclusion(index, proof.checkpoint.size, proof.leaf, proof.path));
    if (root != proof.checkpoint.root) {
      return Error(ErrorCode::damaged,
                   fmt::format("the stored hashes do not lead from entry {} to the signed root", index));
    }
    return proof;
  }

  const LogOptions options;
  const Layout layout;
  const storage::File lock;
  const evidence_format::SigningKey key;
  TreeFiles tree;
  const EntryReader reader;
  Committer committer;

  mutable std::mutex state_mutex;  ///< guards the next three
  Published published;
  bool sign_at_once = false;
  mutable std::condition_variable_any grown;  ///< published
  std::condition_variable_any sign_wanted;    ///< sign_at_once

  std::mutex sign_mutex;  ///< guards the next two; taken before state_mutex
  Checkpoint newest;
  std::string note;
  std::uint64_t signed_size = 0;  ///< newest.size, guarded by state_mutex

  std::jthread sign_thread;
  std::jthread commit_thread;
};

Log::Log(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Log::~Log() {
  impl_->commit_thread.request_stop();
  impl_->commit_thread.join();
  impl_->sign_thread.request_stop();
  impl_->sign_thread.join();
  if (auto last = impl_->checkpoint(); !last) {
    runtime::log(runtime::Level::error, "evidence", "cannot sign the last checkpoint: {}", last.error().text());
  }
  impl_->committer.close();
}

Result<std::unique_ptr<Log>> FaultyLog::open(const std::filesystem::path& directory, LogOptions options,
                                             Faults faults) {
  auto recovered = recover(directory, options.origin, faults);
  if (!recovered) return recovered.error().context(fmt::format("evidence log {}", directory.string()));
  return std::unique_ptr<Log>(
      new Log(std::make_unique<Log::Impl>(std::move(options), std::move(*recovered), std::move(faults))));
}

Result<std::unique_ptr<Log>> Log::open(const std::filesystem::path& directory, LogOptions options) {
  return FaultyLog::open(directory, std::move(options), {});
}

Status Log::append(Batch batch, Committed committed) {
  return impl_->committer.append(
      Submission{std::move(batch.encoded_), std::move(batch.lengths_), std::move(committed)});
}

Result<EntryIndex> Log::append_and_wait(const evidence_format::Entry& entry) {
  Batch batch;
  MJ_CHECK(batch.add(entry));
  // Shared: the commit thread may still be inside set_value() when the waiter has returned.
  auto answer = std::make_shared<std::promise<Result<EntryIndex>>>();
  std::future<Result<EntryIndex>> waiting = answer->get_future();
  MJ_CHECK(append(std::move(batch), [answer](const Result<EntryIndex>& result) { answer->set_value(result); }));
  return waiting.get();
}

std::uint64_t Log::size() const { return impl_->now().size.entries; }

LogSize Log::disk_size() const { return impl_->now().size; }

std::uint64_t Log::wait_beyond(std::uint64_t entries, int timeout_ms, std::stop_token stop) const {
  std::unique_lock guard(impl_->state_mutex);
  impl_->grown.wait_for(guard, std::move(stop), std::chrono::milliseconds(timeout_ms),
                        [&] { return impl_->published.size.entries > entries; });
  return impl_->published.size.entries;
}

Result<ReadBatch> Log::read(EntryIndex first, std::size_t max_entries, std::size_t max_bytes) const {
  return impl_->reader.read(impl_->tree, size(), first.raw(), max_entries, max_bytes);
}

Result<std::string> Log::checkpoint() { return impl_->checkpoint(); }

Result<InclusionProof> Log::prove(EntryIndex index) { return impl_->prove(index.raw()); }

std::string Log::verifier_key() const { return impl_->key.verifier_key(); }

std::string Log::failure() const { return impl_->committer.failure(); }

}  // namespace mj::evidence
