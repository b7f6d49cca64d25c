#include "log_impl.hpp"

#include <future>

#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"

namespace mj::evidence {

using evidence_format::Checkpoint;

Log::Impl::Impl(LogOptions given, Recovered recovered, std::optional<SigningKeys> signing_keys, Faults faults)
    : options(std::move(given)),
      layout(recovered.layout),
      lock(std::move(recovered.lock)),
      tree(std::move(recovered.tree)),
      sha256_nodes(tree.hashes(HashAlgorithm::sha256)),
      sm3_nodes(tree.hashes(HashAlgorithm::sm3)),
      reader(layout, Origins(recovered.ring)),
      committer(
          options, layout, recovered.ring.newest().origin,
          SegmentWriter(std::move(recovered.last), recovered.end, reserve_step(options.segment_bytes), faults),
          tree, std::move(recovered.edges), recovered.sealed_bytes,
          [this](const Published& now, bool sealed) { publish(now, sealed); }, faults),
      keys(std::move(signing_keys)),
      published(committer.published()),
      ring(std::move(recovered.ring)),
      newest_checkpoint(std::move(recovered.newest)) {
  sign_thread = runtime::start_thread("evidence-sign", [this](std::stop_token stop) { sign_loop(stop); });
  commit_thread = runtime::start_thread("evidence-commit", [this](std::stop_token stop) { committer.run(stop); });
}

void Log::Impl::publish(const Published& now, bool sealed) {
  {
    const std::lock_guard guard(state_mutex);
    published = now;
    sign_at_once = sign_at_once || sealed;
  }
  grown.notify_all();
  if (sealed) sign_wanted.notify_one();
}

Published Log::Impl::now() const {
  const std::lock_guard guard(state_mutex);
  return published;
}

SignedCheckpoint Log::Impl::newest() const {
  const std::lock_guard guard(state_mutex);
  return newest_checkpoint;
}

void Log::Impl::sign_loop(const std::stop_token& stop) {
  const auto interval = std::chrono::milliseconds(std::max(options.checkpoint_interval_ms, 1));
  while (!stop.stop_requested()) {
    {
      std::unique_lock guard(state_mutex);
      grown.wait(guard, stop, [this] { return published.size.entries > newest_checkpoint.checkpoint.size; });
      sign_wanted.wait_for(guard, stop, interval, [this] { return sign_at_once; });
      sign_at_once = false;
    }
    if (stop.stop_requested()) return;  // close() signs the last one
    if (auto made = checkpoint(); !made) {
      runtime::log(runtime::Level::error, "evidence", "cannot sign a checkpoint: {}", made.error().text());
    }
  }
}

void Log::Impl::close() {
  commit_thread.request_stop();
  commit_thread.join();
  sign_thread.request_stop();
  sign_thread.join();
  if (auto last = checkpoint(); !last) {
    runtime::log(runtime::Level::error, "evidence", "cannot sign the last checkpoint: {}", last.error().text());
  }
  committer.close();
}

Result<SignedCheckpoint> Log::Impl::checkpoint() {
  const std::lock_guard guard(sign_mutex);
  const Published state = now();
  if (SignedCheckpoint made = newest(); made.checkpoint.size == state.size.entries) return made;
  if (!keys) return Error(ErrorCode::unavailable, "the signing keys are missing");
  // A checkpoint vouches for the tree files too: recovery trusts them up to here.
  MJ_CHECK(tree.sync(state.size.entries));
  SignedCheckpoint made;
  made.checkpoint = Checkpoint{keys->ed25519.key().name, state.size.entries, state.root, state.sm3_root};
  MJ_TRY(made.note, evidence_format::sign_checkpoint(made.checkpoint, keys->signers()));
  MJ_CHECK(storage::replace_file(layout.checkpoint(), made.note));
  const std::lock_guard state_guard(state_mutex);
  newest_checkpoint = made;
  return made;
}

Result<EntryIndex> Log::Impl::append_and_wait(Batch batch) {
  // Shared: the commit thread may still be inside set_value() when the waiter has returned.
  auto answer = std::make_shared<std::promise<Result<EntryIndex>>>();
  std::future<Result<EntryIndex>> waiting = answer->get_future();
  MJ_CHECK(
      committer.append(Submission{std::move(batch.encoded_), std::move(batch.lengths_),
                                  [answer](const Result<EntryIndex>& result) { answer->set_value(result); }}));
  return waiting.get();
}

}  // namespace mj::evidence
