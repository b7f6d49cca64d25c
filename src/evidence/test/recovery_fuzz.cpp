// Any bytes as the newest segment: opening never crashes, never loses a batch that verifies, never takes altered
// committed entries for whole ones, and what it accepts verifies afterwards.
//
// Input: byte 0 chooses the checkpoint (bits 0-1), whether the tree files are there (bit 2) and the form of the rest:
// the segment itself (bit 3 set) or a list of edits to the real one (4 bytes each).
#include <cstdint>
#include <cstdlib>

#include "fuzz_log.hpp"
#include "mj/evidence/verify.hpp"
#include "mj/runtime/log.hpp"

namespace {

using namespace mj;
using namespace mj::evidence;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

std::string edited(std::string segment, BytesView edits) {
  for (; edits.size() >= 4; edits = edits.subspan(4)) {
    const auto byte = [&edits](std::size_t at) { return std::to_integer<std::size_t>(edits[at]); };
    const std::size_t at = byte(1) << 8U | byte(2);
    switch (byte(0) % 4) {
      case 0:
        if (!segment.empty()) {
          char& target = segment[at % segment.size()];
          target = static_cast<char>(target ^ static_cast<char>(byte(3)));
        }
        break;
      case 1: segment.resize(std::min(segment.size(), at)); break;
      case 2: segment.append(at % 512, static_cast<char>(byte(3))); break;
      default:
        if (at < segment.size() && segment.size() < 100'000) segment += segment.substr(at, byte(3) * 4);
        break;
    }
  }
  return segment;
}

/// What is in the bytes, read without the log's own scanner.
struct Expected {
  bool header_whole = false;
  std::uint64_t entries = FuzzLog::kSealed;  ///< up to the end of the last whole batch in order
  bool later_batch = false;                  ///< a header of a later batch stands behind the first broken one
  bool out_of_place = false;  ///< a rightly checked header of another batch stands where one is expected
};

Expected expected_of(const FuzzLog& log, BytesView bytes) {
  Expected expected;
  const std::size_t header_bytes = log.header_bytes();
  expected.header_whole =
      bytes.size() >= header_bytes &&
      as_text(bytes.first(header_bytes)) == std::string_view(log.newest_segment()).substr(0, header_bytes);
  if (!expected.header_whole) return expected;
  const std::uint64_t seed = FuzzLog::kSeed + 1;
  std::uint64_t batches = 0;
  std::size_t at = header_bytes;
  while (at < bytes.size()) {
    const auto header = decode_batch_header(bytes.subspan(at), seed);
    if (!header) break;
    if (header->segment != 1 || header->number != batches || header->first_entry != expected.entries ||
        header->entries == 0) {
      expected.out_of_place = true;
      return expected;
    }
    const BytesView rest = bytes.subspan(at + kBatchHeaderBytes);
    if (header->body_bytes > rest.size() || body_check(rest.first(header->body_bytes), seed) != header->body_check)
      break;
    expected.entries += header->entries;
    ++batches;
    at += kBatchHeaderBytes + header->body_bytes;
  }
  for (std::size_t i = at + 1; i < bytes.size() && !expected.later_batch; ++i) {
    const auto header = decode_batch_header(bytes.subspan(i), seed);
    expected.later_batch = header && header->segment == 1 && header->number > batches;
  }
  return expected;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const FuzzLog base;
  static const std::filesystem::path directory = [] {
    runtime::set_log_level(runtime::Level::error);
    const bool memory = std::filesystem::exists("/dev/shm");
    return (memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) /
           ("mj-recovery-fuzz-" + std::to_string(::getpid()));
  }();
  if (size == 0 || size > 200'000) return 0;
  const BytesView input(reinterpret_cast<const std::byte*>(data), size);
  const std::uint8_t mode = data[0];
  static constexpr std::uint64_t kSignedSizes[] = {FuzzLog::kSealed, 6, 10, FuzzLog::kEntries};
  const std::uint64_t signed_size = kSignedSizes[mode & 3U];
  const bool with_tree = (mode & 4U) != 0;
  const BytesView rest = input.subspan(1);
  const std::string newest = (mode & 8U) != 0 ? std::string(as_text(rest)) : edited(base.newest_segment(), rest);

  // The tree files of the whole log, made once.
  static const std::vector<std::pair<std::string, std::string>> tree_files = [] {
    base.write(directory, FuzzLog::kEntries, base.newest_segment());
    if (!Log::open(directory, FuzzLog::options())) std::abort();
    std::vector<std::pair<std::string, std::string>> files;
    for (const char* name : {"hashes.0", "sm3.0", "offsets"}) {
      std::ifstream in(directory / "tree" / name, std::ios::binary);
      files.emplace_back(name, std::string(std::istreambuf_iterator<char>(in), {}));
    }
    return files;
  }();

  std::filesystem::remove_all(directory);
  base.write(directory, signed_size, newest);
  if (with_tree) {
    std::filesystem::create_directory(directory / "tree");
    for (const auto& [name, content] : tree_files) FuzzLog::put(directory / "tree" / name, content);
  }

  const Expected expected = expected_of(base, as_bytes(newest));
  const bool nothing_missing = expected.entries >= (with_tree ? FuzzLog::kEntries : signed_size);
  const bool only_a_torn_tail = expected.header_whole && !expected.later_batch && !expected.out_of_place &&
                                nothing_missing && expected.entries <= FuzzLog::kEntries;
  {
    const auto log = Log::open(directory, FuzzLog::options());
    if (!log) {
      require(log.error().code() == ErrorCode::damaged, "refused for damage only");
      // Bytes that begin as the real segment does are the real ones: they cannot be refused for a torn tail.
      const bool real = std::string_view(newest).starts_with(
          std::string_view(base.newest_segment())
              .substr(0, std::min(newest.size(), base.newest_segment().size())));
      require(!(real && only_a_torn_tail), "a torn tail is no damage");
      std::filesystem::remove_all(directory);
      return 0;
    }
    require(expected.header_whole && !expected.later_batch && !expected.out_of_place, "damage is refused");
    require(nothing_missing, "committed entries are not lost in silence");
    require((*log)->size() == expected.entries, "every whole batch is there and nothing else");
    const auto read = (*log)->read(EntryIndex(0), 1'000'000, 1U << 30U);
    require(read.has_value() && read->entries.size() == expected.entries, "everything can be read");
    for (std::uint64_t n = 0; n < signed_size; ++n) {
      Bytes bytes;
      require(
          evidence_format::encode(read->entries[n].entry, bytes).has_value() && bytes == FuzzLog::entry_bytes(n),
          "signed entries are what was signed");
    }
    Batch more;
    evidence_format::Entry entry;
    require(more.add(entry).has_value() && (*log)->append_and_wait(entry).has_value(), "the log goes on");
  }
  const auto report = verify(directory);
  require(report.has_value(), "what was accepted verifies");
  require(report->size == expected.entries + 1, "at its size");
  std::filesystem::remove_all(directory);
  return 0;
}
