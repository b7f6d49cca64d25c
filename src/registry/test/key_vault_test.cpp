#include "mj/registry/key_vault.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "scratch.hpp"

namespace mj::registry {
namespace {

TEST(KeyVault, GivesBackWhatItSealed) {
  const ScratchDirectory directory;
  const KeyVault vault = KeyVault::open(directory.path() / "key").value();
  for (const std::string secret : {"", "0123456789abcdef", "a password with 空格"}) {
    EXPECT_EQ(vault.open_sealed(vault.seal(secret, "mn").value(), "mn").value(), secret);
  }
  EXPECT_NE(vault.seal("x", "mn").value(), vault.seal("x", "mn").value()) << "a nonce is used once";
}

TEST(KeyVault, RefusesWhatWasSealedForAnotherDeviceElsewhereOrChanged) {
  const ScratchDirectory directory;
  const KeyVault vault = KeyVault::open(directory.path() / "key").value();
  const KeyVault other = KeyVault::open(directory.path() / "other").value();
  const std::string sealed = vault.seal("0123456789abcdef", "device-1").value();
  EXPECT_EQ(vault.open_sealed(sealed, "device-2").error().code(), ErrorCode::damaged);
  EXPECT_EQ(other.open_sealed(sealed, "device-1").error().code(), ErrorCode::damaged);
  EXPECT_EQ(vault.open_sealed("", "device-1").error().code(), ErrorCode::damaged);
  EXPECT_EQ(vault.open_sealed("no base64!", "device-1").error().code(), ErrorCode::damaged);
  const Bytes good = from_base64(sealed).value();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= std::byte(1U << bit % 8);
    EXPECT_FALSE(vault.open_sealed(to_base64(bad), "device-1")) << "bit " << bit;
  }
}

TEST(KeyVault, KeepsItsMasterKeyForItsOwnerOnlyAndAcrossRestarts) {
  const ScratchDirectory directory;
  const auto file = directory.path() / "key";
  const std::string sealed = KeyVault::open(file).value().seal("secret", "mn").value();
  EXPECT_EQ(KeyVault::open(file).value().open_sealed(sealed, "mn").value(), "secret");
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(KeyVault, ATruncatedMasterKeyIsReported) {
  const ScratchDirectory directory;
  const auto file = directory.path() / "key";
  std::ofstream(file) << "short";
  EXPECT_EQ(KeyVault::open(file).error().code(), ErrorCode::damaged);
}

}  // namespace
}  // namespace mj::registry
