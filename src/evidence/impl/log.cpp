#include "mj/evidence/log.hpp"

#include "faults.hpp"
#include "log_impl.hpp"
#include "mj/evidence_format/self_test.hpp"

namespace mj::evidence {

Log::Log(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Log::~Log() { impl_->close(); }

Result<std::unique_ptr<Log>> FaultyLog::open(const std::filesystem::path& directory, LogOptions options,
                                             Faults faults) {
  auto opened = [&]() -> Result<std::unique_ptr<Log>> {
    MJ_CHECK(evidence_format::self_test());
    MJ_TRY(Recovered recovered, recover(directory, options, faults));
    MJ_TRY(const std::string passphrase,
           read_passphrase(passphrase_file(recovered.layout, options.passphrase_file)));
    MJ_TRY(SigningKeys keys, load_keys(recovered.layout, recovered.ring.newest(), passphrase));
    return std::unique_ptr<Log>(new Log(std::make_unique<Log::Impl>(std::move(options), std::move(recovered),
                                                                    std::move(keys), std::move(faults))));
  }();
  if (!opened) return opened.error().context(fmt::format("evidence log {}", directory.string()));
  return opened;
}

CommitTimes FaultyLog::commit_times(const Log& log) { return log.impl_->committer.times(); }

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
  return impl_->append_and_wait(std::move(batch));
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

Result<SignedCheckpoint> Log::checkpoint() { return impl_->checkpoint(); }
SignedCheckpoint Log::newest_checkpoint() const { return impl_->newest(); }
Result<evidence_format::Checkpoint> Log::checkpoint_at(std::uint64_t size) const {
  return impl_->checkpoint_at(size);
}

Result<InclusionProof> Log::prove(EntryIndex index) { return impl_->prove(index.raw()); }
Result<InclusionPath> Log::path(EntryIndex index, std::uint64_t size) const {
  return impl_->path(index.raw(), size);
}
Result<CommonProof> Log::common_proof(std::span<const std::uint64_t> indices, std::uint64_t size) const {
  return impl_->common_proof(indices, size);
}
Result<ConsistencyProof> Log::consistency(std::uint64_t old_size, std::uint64_t new_size) const {
  return impl_->consistency(old_size, new_size);
}

Result<Bytes> Log::tile(const evidence_format::Tile& tile) const {
  return tile.level ? impl_->hash_tile(tile, HashAlgorithm::sha256) : impl_->entry_bundle(tile);
}
Result<Bytes> Log::sm3_tile(const evidence_format::Tile& tile) const {
  return impl_->hash_tile(tile, HashAlgorithm::sm3);
}

evidence_format::KeyRing Log::keyring() const {
  const std::lock_guard guard(impl_->state_mutex);
  return impl_->ring;
}

Result<EntryIndex> Log::rotate_keys(std::string by, std::string reason) {
  MJ_TRY(std::string passphrase, read_passphrase(passphrase_file(impl_->layout, impl_->options.passphrase_file)));
  KeyChangeOrder order;
  order.action = evidence_format::KeyAction::rotate;
  order.origin = keyring().newest().origin;
  order.by = std::move(by);
  order.reason = std::move(reason);
  order.passphrase = std::move(passphrase);
  return impl_->change_keys(order);
}

std::string Log::failure() const { return impl_->committer.failure(); }

}  // namespace mj::evidence
