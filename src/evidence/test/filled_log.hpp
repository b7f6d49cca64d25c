#pragma once

#include <gtest/gtest.h>

#include "mj/evidence/log.hpp"
#include "scratch_log.hpp"

namespace mj::evidence {

/// A log of small segments for tests of what happens to them once they are sealed.
inline std::unique_ptr<Log> filled_log(const std::filesystem::path& directory, std::uint64_t count,
                                       std::uint64_t segment_bytes, std::uint64_t per_batch = 3) {
  LogOptions options;
  options.segment_bytes = segment_bytes;
  auto log = Log::open(directory, options);
  EXPECT_TRUE(log) << log.error().text();
  if (!log) return nullptr;
  for (std::uint64_t n = (*log)->size(); n < count;) {
    Batch batch;
    for (std::uint64_t i = 0; i < per_batch && n < count; ++i, ++n) {
      const TestEntry test(n);
      EXPECT_TRUE(batch.add(test.entry));
    }
    EXPECT_TRUE((*log)->append(std::move(batch), {}));
    (*log)->wait_beyond(n - 1, 20'000, {});
  }
  EXPECT_TRUE((*log)->checkpoint());
  return std::move(*log);
}

/// The log reads back as TestEntry(first) … TestEntry(last - 1).
inline void expect_test_entries(const Log& log, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t n = first; n < last;) {
    const auto batch = log.read(EntryIndex(n), 100, 1U << 20U);
    ASSERT_TRUE(batch) << batch.error().text();
    ASSERT_FALSE(batch->entries.empty());
    for (const StoredEntry& stored : batch->entries) {
      const TestEntry expected(n);
      ASSERT_EQ(stored.index.raw(), n);
      ASSERT_TRUE(same(stored.entry, expected.entry)) << n;
      if (++n == last) return;
    }
  }
}

inline std::vector<std::filesystem::path> segment_files(const std::filesystem::path& log,
                                                        std::string_view suffix) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(log / "segments")) {
    if (entry.path().filename().string().ends_with(suffix)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Runs `check` with each byte of a file changed in one bit, another bit from byte to byte, and puts the file back.
template <typename Check>
void with_each_byte_changed(const std::filesystem::path& file, Check&& check) {
  const std::string whole = slurp(file);
  for (std::size_t at = 0; at < whole.size() && !testing::Test::HasFailure(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ (1 << ((at * 5 + 3) % 8)));
    spew(file, changed);
    check(at);
  }
  spew(file, whole);
}

}  // namespace mj::evidence
