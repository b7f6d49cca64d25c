#include "mj/storage/file.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_directory.hpp"

namespace mj::storage {
namespace {

using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path(const char* name) const { return directory_.path() / name; }
  TemporaryDirectory directory_;
};

TEST_F(Files, WhatIsWrittenAtAnOffsetIsReadThere) {
  auto file = File::open(path("a"), File::Mode::create);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write_at(5, as_bytes("world")));
  ASSERT_TRUE(file->write_at(0, as_bytes("hello")));
  ASSERT_TRUE(file->sync());
  EXPECT_EQ(*file->size(), 10U);
  EXPECT_EQ(*read_file(path("a")), "helloworld");
  std::array<std::byte, 8> buffer{};
  EXPECT_EQ(*file->read_at(7, buffer), 3U) << "fewer bytes than asked for at the end";
  EXPECT_EQ(as_text(std::span(buffer).first(3)), "rld");
  EXPECT_EQ(*file->read_at(100, buffer), 0U);
}

TEST_F(Files, AMissingFileIsNotFoundAndIsNotMade) {
  for (const auto mode : {File::Mode::read, File::Mode::read_write}) {
    const auto file = File::open(path("missing"), mode);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code(), ErrorCode::not_found);
    EXPECT_THAT(file.error().text(), HasSubstr("missing"));
  }
  EXPECT_FALSE(std::filesystem::exists(path("missing")));
  EXPECT_EQ(read_file(path("missing")).error().code(), ErrorCode::not_found);
}

TEST_F(Files, ADirectoryIsNoFile) {
  EXPECT_EQ(read_file(directory_.path()).error().code(), ErrorCode::unavailable);
  EXPECT_EQ(File::open(directory_.path(), File::Mode::read_write).error().code(), ErrorCode::unavailable);
}

TEST_F(Files, AFullDiskIsReportedAsUnavailable) {
  // /dev/full answers every write with ENOSPC (Linux, full(4)).
  auto full = File::open("/dev/full", File::Mode::read_write);
  ASSERT_TRUE(full);
  const Status written = full->write_at(0, as_bytes("x"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(written.error().text(), HasSubstr("No space left"));
}

TEST_F(Files, ReservedSpaceDoesNotShowInTheSize) {
  auto file = File::open(path("a"), File::Mode::create);
  ASSERT_TRUE(file->write_at(0, as_bytes("abc")));
  ASSERT_TRUE(file->reserve(1 << 20));
  EXPECT_EQ(*file->size(), 3U);
  ASSERT_TRUE(file->truncate(2));
  EXPECT_EQ(*read_file(path("a")), "ab");
}

TEST_F(Files, AMovedFileIsClosedOnce) {
  auto first = File::open(path("a"), File::Mode::create);
  auto second = File::open(path("b"), File::Mode::create);
  *second = std::move(*first);
  EXPECT_EQ(second->path(), path("a"));
  File third = std::move(*second);
  EXPECT_TRUE(third.write_at(0, as_bytes("x")));
  EXPECT_EQ(*read_file(path("a")), "x");
}

TEST_F(Files, AReplacedFileHoldsTheNewContentAndNothingElseIsLeft) {
  ASSERT_TRUE(replace_file(path("position"), "a long first content"));
  ASSERT_TRUE(replace_file(path("position"), "short"));
  EXPECT_EQ(*read_file(path("position")), "short");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), 1);
}

TEST_F(Files, ARemainderOfAnInterruptedReplacementDoesNoHarm) {
  ASSERT_TRUE(replace_file(path("position"), "old"));
  std::ofstream(path("position.new")) << "half written, and longer than what comes next";
  EXPECT_EQ(*read_file(path("position")), "old");
  ASSERT_TRUE(replace_file(path("position"), "new"));
  EXPECT_EQ(*read_file(path("position")), "new");
}

TEST_F(Files, AReplacementThatFailsLeavesTheOldContent) {
  ASSERT_TRUE(replace_file(path("position"), "old"));
  std::filesystem::create_directory(path("position.new"));  // the temporary name cannot be opened for writing
  EXPECT_FALSE(replace_file(path("position"), "new"));
  EXPECT_EQ(*read_file(path("position")), "old");
}

TEST_F(Files, AKilledProcessLeavesTheOldOrTheNewContentWhole) {
  const std::string contents[] = {std::string(50'000, 'a'), std::string(70'000, 'b')};
  ASSERT_TRUE(replace_file(path("position"), contents[0]));
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      for (std::size_t i = 0;; ++i) {
        if (!replace_file(path("position"), contents[i % 2])) _exit(1);
      }
    }
    usleep(static_cast<useconds_t>(500 * round));  // a moment that the child does not choose
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: a replacement failed";
    const std::string found = *read_file(path("position"));
    ASSERT_TRUE(found == contents[0] || found == contents[1]) << "torn: " << found.size() << " bytes";
  }
}

TEST_F(Files, ALockKeepsEverybodyElseOutUntilItsFileIsClosed) {
  {
    auto first = File::open(path("lock"), File::Mode::create);
    ASSERT_TRUE(first->lock_exclusively());
    auto second = File::open(path("lock"), File::Mode::create);
    const Status refused = second->lock_exclusively();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::conflict);
    EXPECT_THAT(refused.error().text(), HasSubstr("another mingjian process"));
  }
  EXPECT_TRUE(File::open(path("lock"), File::Mode::create)->lock_exclusively());
}

TEST_F(Files, TheLockOfAKilledProcessIsFree) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    auto file = File::open(path("lock"), File::Mode::create);
    const char answer = file && file->lock_exclusively() ? 'y' : 'n';
    _exit(write(ready[1], &answer, 1) == 1 ? pause() : 1);
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  auto file = File::open(path("lock"), File::Mode::create);
  EXPECT_FALSE(file->lock_exclusively());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(file->lock_exclusively());
  close(ready[0]);
  close(ready[1]);
}

TEST_F(Files, SyncingAMissingDirectoryIsAnError) { EXPECT_FALSE(sync_directory(path("missing"))); }

}  // namespace
}  // namespace mj::storage
