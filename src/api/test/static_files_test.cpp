#include "static_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "station.hpp"

namespace mj::api::test {
namespace {

class StaticFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder.write("secret.txt", "not for the web");
    folder.write("web/index.html", "<!doctype html>client");
    folder.write("web/theme.js", "1");
    folder.write("web/map/chongqing.geojson", "{}");
    folder.write("web/assets/index-4f9c2a.js", "2");
    std::filesystem::create_symlink(folder.path() / "secret.txt", folder.path() / "web/link.txt");
  }
  Answer get(std::string target, std::string tag = {}) {
    Request request;
    request.method = Method::get;
    request.target = std::move(target);
    request.if_none_match = std::move(tag);
    return files.answer(request);
  }
  static std::string header(const Answer& answer, std::string_view name) {
    for (const Header& header : answer.headers) {
      if (header.name == name) return header.value;
    }
    return {};
  }

  Folder folder;
  StaticFiles files{folder.path() / "web"};
};

TEST_F(StaticFilesTest, FilesHaveTheirTypesAndTheirCaching) {
  EXPECT_EQ(get("/").body, "<!doctype html>client");
  EXPECT_EQ(get("/").content_type, "text/html; charset=utf-8");
  EXPECT_EQ(header(get("/"), "Cache-Control"), "no-cache");
  EXPECT_EQ(get("/theme.js").content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(header(get("/theme.js"), "Cache-Control"), "no-cache");
  EXPECT_EQ(get("/map/chongqing.geojson?x=1").content_type, "application/geo+json");
  EXPECT_EQ(header(get("/assets/index-4f9c2a.js"), "Cache-Control"), "public, max-age=31536000, immutable");
}

TEST_F(StaticFilesTest, AnUnchangedFileIsNotSentAgain) {
  const std::string tag = header(get("/theme.js"), "ETag");
  const Answer again = get("/theme.js", tag);
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  folder.write("web/theme.js", "other");
  EXPECT_EQ(get("/theme.js", tag).body, "other");
}

TEST_F(StaticFilesTest, AddressesOfTheClientAreAnsweredWithTheClient) {
  EXPECT_EQ(get("/points/air-1414A").body, "<!doctype html>client");
  EXPECT_EQ(get("/frames/12").body, "<!doctype html>client");
  EXPECT_EQ(get("/assets/gone-1234.js").status, 404) << "an old page must not be fed HTML as a script";
}

TEST_F(StaticFilesTest, WithoutABuildThePageSaysHowToMakeOne) {
  files = StaticFiles(folder.path() / "none");
  EXPECT_EQ(get("/").status, 200);
  EXPECT_THAT(get("/").body, testing::HasSubstr("npm run build"));
}

TEST_F(StaticFilesTest, NothingOutsideTheDirectoryIsServed) {
  for (const char* target :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/../../secret.txt", "/link.txt",
        "/..\\secret.txt", "//../secret.txt", "/./../secret.txt", "/%00/../secret.txt", "secret.txt", ""}) {
    const Answer answer = get(target);
    EXPECT_EQ(answer.body.find("not for the web"), std::string::npos) << target;
  }
  EXPECT_EQ(get("/link.txt").status, 404);
}

RC_GTEST_FIXTURE_PROP(StaticFilesTest, NoPathLeadsOutside, ()) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("..", ".", "/", "//", "%2e", "%2e%2e", "%2f", "%5c", "\\", "%00", "web",
                                    "assets", "secret.txt", "link.txt", "%"));
  std::string target = "/";
  for (const std::string& part : parts) target += part;
  RC_ASSERT(get(target).body.find("not for the web") == std::string::npos);
}

TEST_F(StaticFilesTest, TheServerDeliversTheClientAndItsPageOfTheContract) {
  Station station;
  std::filesystem::copy(folder.path() / "web", station.folder.path() / "web",
                        std::filesystem::copy_options::recursive);
  EXPECT_EQ(test::get(station.port(), "/alarms").body, "<!doctype html>client");
  EXPECT_EQ(test::get(station.port(), "/api/docs").body, "<!doctype html>client");
  const std::string tag = test::get(station.port(), "/").header("ETag");
  const Reply unchanged = test::get(station.port(), "/", "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_TRUE(unchanged.body.empty());
  EXPECT_EQ(post(station.port(), "/", "{}").status, 405);
}

}  // namespace
}  // namespace mj::api::test
