#include "recovery.hpp"

#include <random>

#include "damage.hpp"
#include "mj/runtime/log.hpp"
#include "replay.hpp"
#include "segment_writer.hpp"

namespace mj::evidence {
namespace {

using evidence_format::Checkpoint;
using evidence_format::KeyRing;
using storage::File;

Status make_directory(const std::filesystem::path& path) {
  std::error_code failure;
  std::filesystem::create_directories(path, failure);
  if (failure)
    return Error(ErrorCode::unavailable, fmt::format("cannot create {}: {}", path.string(), failure.message()));
  return {};
}

/// The first file name `stem`, `stem-1`, … that is free in torn/.
Result<std::filesystem::path> free_place(const Layout& layout, const std::string& stem) {
  MJ_CHECK(make_directory(layout.torn()));
  MJ_CHECK(storage::sync_directory(layout.root));
  std::filesystem::path place = layout.torn() / stem;
  for (int i = 1; std::filesystem::exists(place); ++i) place = layout.torn() / fmt::format("{}-{}", stem, i);
  return place;
}

/// Copies what follows the last whole batch to torn/ and cuts it off.
Status cut_torn_tail(const Layout& layout, SegmentFile& segment, SegmentEnd& end) {
  if (end.size == end.offset) return {};
  Bytes tail(end.size - end.offset);
  MJ_TRY(const std::size_t got, segment.file.read_at(end.offset, tail));
  tail.resize(got);
  MJ_TRY(const std::filesystem::path place,
         free_place(layout, fmt::format("{:06}-{}", segment.header.number, end.offset)));
  MJ_CHECK(storage::replace_file(place, as_text(tail)));
  MJ_CHECK(segment.file.truncate(end.offset));
  runtime::log(runtime::Level::warning, "evidence",
               "segment {:06}: {} bytes of an unfinished batch at byte {} moved to {}", segment.header.number,
               tail.size(), end.offset, place.string());
  end.size = end.offset;
  return {};
}

/// The keyring, made with its keys for a new log.
Result<KeyRing> open_ring(const Layout& layout, const LogOptions& options, bool log_exists) {
  if (!log_exists && !std::filesystem::exists(layout.keyring())) {
    MJ_TRY(const std::string passphrase,
           read_or_make_passphrase(passphrase_file(layout, options.passphrase_file)));
    return make_ring(layout, options.origin, passphrase, options.clock());
  }
  MJ_TRY(KeyRing ring, read_ring(layout));
  if (!Origins(ring).knows(options.origin)) {
    return Error(ErrorCode::conflict,
                 fmt::format("it holds the log \"{}\", not \"{}\"", ring.newest().origin, options.origin));
  }
  return ring;
}

Result<SignedCheckpoint> open_newest_checkpoint(const Layout& layout, const LogOptions& options,
                                                const KeyRing& ring, bool log_exists) {
  auto note = storage::read_file(layout.checkpoint());
  if (!note && note.error().code() != ErrorCode::not_found) return note.error();
  if (!note && log_exists)
    return damaged(fmt::format("the signed checkpoint {} is missing", layout.checkpoint().string()));
  if (!note) {
    // Even an empty log has one, so that a missing checkpoint is always damage.
    MJ_TRY(const std::string passphrase, read_passphrase(passphrase_file(layout, options.passphrase_file)));
    MJ_TRY(const SigningKeys keys, load_keys(layout, ring.newest(), passphrase));
    const Checkpoint empty{ring.newest().origin, 0, evidence_format::empty_root(),
                           evidence_format::empty_root(HashAlgorithm::sm3)};
    note = evidence_format::sign_checkpoint(empty, keys.signers());
    if (!note) return note.error();
    MJ_CHECK(storage::replace_file(layout.checkpoint(), *note));
  }
  MJ_TRY(Checkpoint checkpoint, evidence_format::open_checkpoint(*note, ring));
  return SignedCheckpoint{std::move(checkpoint), std::move(*note)};
}

/// Compares the statements that the log holds with the keyring; adds those that a crash kept out of it. True when there were any.
Result<bool> complete_ring(KeyRing& ring, const std::vector<KeyEntry>& entries, std::uint64_t size,
                           std::uint64_t signed_size) {
  bool added = false;
  for (const KeyEntry& entry : entries) {
    const auto member = std::find_if(ring.members().begin(), ring.members().end(),
                                     [&](const KeyRing::Member& known) { return known.entry == entry.index; });
    if (member != ring.members().end()) {
      if (member->note != entry.note) {
        return damaged(
            fmt::format("keyring: statement {} is not that of entry {}", member->statement.number, entry.index));
      }
      continue;
    }
    if (entry.index < signed_size) {
      return damaged(fmt::format("keyring: the statement of entry {} is missing", entry.index));
    }
    if (Status fits = ring.add(entry.index, entry.note); !fits)
      return fits.error().context(fmt::format("entry {}", entry.index));
    added = true;
  }
  const auto& last = ring.members().back();
  if (last.entry && *last.entry >= size) {
    return damaged(fmt::format(
        "keyring: it holds the statement of entry {}, the log has {} entries: committed entries are lost",
        *last.entry, size));
  }
  return added;
}

/// Rebuilds tree/ beside itself and puts it in its place when the result agrees with the checkpoint.
Result<Replayed> rebuild_tree(const Layout& layout, const std::vector<SegmentHeader>& headers,
                              const Origins& origins, const Checkpoint& checkpoint) {
  Layout beside = layout;
  beside.tree_name = "tree.rebuild";
  std::error_code failure;
  std::filesystem::remove_all(beside.tree(), failure);
  MJ_CHECK(make_directory(beside.tree()));
  Result<Replayed> replayed = [&]() -> Result<Replayed> {
    MJ_TRY(TreeFiles files, TreeFiles::open(beside, File::Mode::create));
    // All there is of retired entries; whether it is right the signed roots tell.
    const auto before = TreeFiles::open(layout, File::Mode::read);
    MJ_TRY(Replayed result, replay(layout, headers, origins, checkpoint, files, 0, before ? &*before : nullptr));
    MJ_CHECK(files.sync(result.edges.size()));
    return result;
  }();
  if (!replayed) {
    std::filesystem::remove_all(beside.tree(), failure);
    return replayed;
  }
  if (std::filesystem::exists(layout.tree())) {
    MJ_TRY(const std::filesystem::path place, free_place(layout, "tree"));
    std::filesystem::rename(layout.tree(), place, failure);
  }
  if (!failure) std::filesystem::rename(beside.tree(), layout.tree(), failure);
  if (failure)
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot put {} in place: {}", beside.tree().string(), failure.message()));
  MJ_CHECK(storage::sync_directory(layout.root));
  return replayed;
}

/// Entries that the files under tree/ know of; 0 when there are none.
Result<std::uint64_t> entries_known_to_tree(const Layout& layout) {
  if (!std::filesystem::exists(layout.hashes(0)) ||
      !std::filesystem::exists(layout.hashes(0, HashAlgorithm::sm3)) ||
      !std::filesystem::exists(layout.offsets())) {
    return std::uint64_t{0};
  }
  MJ_TRY(const TreeFiles files, TreeFiles::open(layout, File::Mode::read));
  return files.largest_size();
}

/// Completes the tree from the segments; the whole of it is made anew when it does not agree with them.
Result<Replayed> bring_up_tree(const Layout& layout, const std::vector<SegmentHeader>& headers,
                               const Origins& origins, const Checkpoint& checkpoint, std::uint64_t known) {
  if (known >= checkpoint.size) {
    MJ_TRY(TreeFiles files, TreeFiles::open(layout, File::Mode::create));
    auto replayed = replay(layout, headers, origins, checkpoint, files, checkpoint.size);
    if (replayed || replayed.error().code() != ErrorCode::damaged) return replayed;
    runtime::log(runtime::Level::warning, "evidence",
                 "the tree files do not fit ({}); they are made anew from the segments", replayed.error().text());
  }
  return rebuild_tree(layout, headers, origins, checkpoint);
}

}  // namespace

std::uint64_t random_check_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

Result<Recovered> recover(const std::filesystem::path& directory, const LogOptions& options,
                          const Faults& faults) {
  const Layout layout{directory};
  if (options.origin.size() > kLongestOrigin)
    return Error(ErrorCode::invalid_input, "the origin of a log has at most 255 bytes");
  MJ_CHECK(make_directory(layout.root));
  MJ_TRY(File lock, File::open(layout.lock(), File::Mode::create));
  MJ_CHECK(lock.lock_exclusively());
  MJ_CHECK(make_directory(layout.segments()));
  MJ_CHECK(make_directory(layout.tree()));
  MJ_TRY(const SegmentNames names, list_segments(layout));

  const bool log_exists = names.count > 0;
  MJ_TRY(KeyRing ring, open_ring(layout, options, log_exists || std::filesystem::exists(layout.checkpoint())));
  MJ_TRY(SignedCheckpoint newest, open_newest_checkpoint(layout, options, ring, log_exists));
  const Origins origins(ring);
  if (!log_exists) {
    if (newest.checkpoint.size > 0) {
      return damaged(
          fmt::format("the signed checkpoint covers {} entries, but there is no segment", newest.checkpoint.size));
    }
    MJ_CHECK(storage::sync_directory(layout.root));
    SegmentHeader first{0, 0, random_check_seed(), evidence_format::empty_root(), ring.newest().origin};
    MJ_TRY(const SegmentWriter made, SegmentWriter::create(layout, std::move(first), 0, faults));
  }

  std::vector<SegmentHeader> headers;
  std::uint64_t sealed_bytes = 0;
  const std::uint32_t count = std::max(names.count, 1U);
  for (std::uint32_t number = 0; number < count; ++number) {
    MJ_TRY(SegmentSummary segment, summarise_segment(layout, number, origins));
    if (number + 1 < count) sealed_bytes += segment.bytes;
    headers.push_back(std::move(segment.header));
  }

  MJ_TRY(const std::uint64_t known, entries_known_to_tree(layout));
  MJ_TRY(Replayed replayed, bring_up_tree(layout, headers, origins, newest.checkpoint, known));
  const std::uint64_t size = replayed.edges.size();
  if (known > size) {
    // The tree is written only behind durable entries.
    return damaged(fmt::format(
        "the tree files know of {} entries, the segments hold only {}: committed entries are lost", known, size));
  }

  MJ_TRY(const bool ring_grew, complete_ring(ring, replayed.key_entries, size, newest.checkpoint.size));

  MJ_TRY(SegmentFile last, open_segment(layout, count - 1, origins, File::Mode::read_write));
  MJ_CHECK(cut_torn_tail(layout, last, replayed.end));
  // What a killed process wrote may still be in memory only; it is about to be shown as committed.
  MJ_CHECK(faults.sync_file(last.file));
  MJ_CHECK(storage::sync_directory(layout.segments()));
  if (ring_grew) {
    runtime::log(runtime::Level::warning, "evidence", "the keyring was completed from the log");
    MJ_CHECK(write_ring(layout, ring));
  }
  MJ_TRY(TreeFiles tree, TreeFiles::open(layout, File::Mode::create, faults));
  MJ_CHECK(tree.truncate(size));
  MJ_CHECK(storage::sync_directory(layout.tree()));
  for (const auto* leftovers : {&names.unfinished, &names.superseded}) {
    for (const std::filesystem::path& leftover : *leftovers) {
      std::error_code ignored;  // holds nothing that the form which counts does not hold
      std::filesystem::remove(leftover, ignored);
    }
  }
  for (const std::filesystem::path& stranger : names.strangers) {
    runtime::log(runtime::Level::warning, "evidence", "{} is no part of the log", stranger.string());
  }
  return Recovered{layout,          std::move(lock),           std::move(ring), std::move(newest),
                   std::move(tree), std::move(replayed.edges), std::move(last), replayed.end,
                   sealed_bytes};
}

}  // namespace mj::evidence
