#include "compose/loader.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/text.h"
#include "compose/render.h"

namespace dockhand::compose::test {
namespace {

struct Case {
  std::string_view files;     // See Files.
  std::string_view project;   // render()
  std::string_view findings;  // render_findings()
};

template <std::size_t N>
void check(const Case (&cases)[N]) {
  for (const Case& test : cases) {
    CAPTURE(test.files);
    const Project project = Files(test.files).load();
    CHECK(render(project) == test.project);
    CHECK(render_findings(project) == test.findings);
  }
}

}  // namespace

TEST_CASE("anchors, aliases and merge keys") {
  check({
      {"x-b: &b {image: i, labels: {a: 1}}\nservices:\n  a: {<<: *b, labels: {b: 2}}\n  c: *b\n",
       "a image=i labels=b=2\nc image=i labels=a=1\n", ""},
      {"x-b: &b {image: i}\nservices: {a: {image: mine, <<: *b}}\n", "a image=mine\n", ""},
      {"x-a: &a {image: one}\nx-b: &b {image: two, restart: no}\nservices: {a: {<<: [*a, *b]}}\n",
       "a image=one restart=no\n", ""},
      {"x-a: &a {image: i}\nx-b: &b {<<: *a, restart: no}\nservices: {a: {<<: *b}}\n",
       "a image=i restart=no\n", ""},
      {"x-s: &s {a: {image: i}}\nservices: {<<: *s, b: {image: j}}\n", "a image=i\nb image=j\n",
       ""},
      {"x-l: &l [{image: one}, {image: two, restart: no}]\nservices: {a: {<<: *l}}\n",
       "a image=one restart=no\n", ""},
      {"services: {a: {image: i, '<<': {restart: no}}}\n", "a image=i\n", ""},
      {"services: {a: {image: i, <<: 5}}\n", "a image=i\n",
       "compose.yaml:1:30 error compose-bad-merge \"5\"\n"},
      {"services: {a: {image: &i x}, b: {image: *i}}\n", "a image=x\nb image=x\n", ""},
      {"services: {a: {image: i, image: j}}\n", "a image=i\n",
       "compose.yaml:1:26 error compose-duplicate-key \"image\"\n"},
  });
}

TEST_CASE("variables") {
  check({
      {"services: {a: {image: 'i:${V:-1}'}}\n", "a image=i:1\n", ""},
      {"services: {a: {image: 'i:${V}'}}\n", "a image=i:\n",
       "compose.yaml:1:26 warning compose-unset-variable \"${V}\"\n"},
      {"services: {a: {image: i:$V-$V}}\n", "a image=i:-\n",
       "compose.yaml:1:25 warning compose-unset-variable \"$V\"\n"
       "compose.yaml:1:28 warning compose-unset-variable \"$V\"\n"},
      {"services:\n  a:\n    image: i${V:?say which}\n", "a image=i\n",
       "compose.yaml:3:13 error compose-required-variable \"${V:?say which}\"\n"},
      {"services: {a: {image: \"a${\"}}\n", "a image=a${\n",
       "compose.yaml:1:25 error compose-bad-interpolation \"${\"\n"},
      {"services: {a: {image: i, labels: {'$V': $$V}}}\n", "a image=i labels=$V=$V\n", ""},
      {"x-b: &b {image: $V}\nservices: {a: *b, c: *b}\n", "a\nc\n",
       "compose.yaml:1:17 warning compose-unset-variable \"$V\"\n"},
      {"services: {a: {scale: '${N:-2}', ports: ['${P:-80}:80']}}\n",
       "a ports=80:80/tcp replicas=2\n", ""},
      {"services: {a: {image: i, labels: {d: 2001-01-01}}}\n",
       "a image=i labels=d=2001-01-01 00:00:00 +0000 UTC\n",
       "compose.yaml:1:38 warning compose-bare-date \"2001-01-01\"\n"},
      {"--- compose.yaml\nservices: {a: {image: '$V'}}\n--- .env\nV=1\nW='\n", "a image=1\n",
       "compose.yaml:1:1 error compose-env-syntax \"\"\n"},
  });
}

TEST_CASE("extends") {
  check({
      {"services:\n  base: {image: i, ports: ['1:1'], labels: {a: 1}, depends_on: [d]}\n"
       "  a: {extends: base, ports: ['2:2'], labels: [b=2]}\n  d: {image: j}\n",
       "base image=i ports=1:1/tcp depends=d labels=a=1\na image=i ports=1:1/tcp,2:2/tcp depends=d "
       "labels=a=1,b=2\n"
       "d image=j\n",
       ""},
      {"services:\n  a: {extends: {service: b}}\n  b: {extends: c, restart: no}\n  c: {image: i}\n",
       "a image=i restart=no\nb image=i restart=no\nc image=i\n", ""},
      {"services:\n  base: {image: i, ports: ['1:1'], command: x}\n"
       "  a: {extends: base, ports: !reset [], command: !override y}\n  b: {extends: a}\n",
       "base image=i command=x ports=1:1/tcp\na image=i command=y\nb image=i command=y\n", ""},
      {"--- compose.yaml\nservices: {a: {extends: {file: sub/b.yaml, service: b}}}\n"
       "--- sub/b.yaml\nservices: {b: {build: ., extends: {file: deep/c.yaml, service: c}}}\n"
       "--- sub/deep/c.yaml\nservices: {c: {image: c, build: {context: ctx, dockerfile: D}}}\n",
       "a image=c build=/p/sub dockerfile=D\n", ""},
      // Tags of the upper file reach what was inherited; the base's own do not.
      {"--- compose.yaml\nservices: {a: {image: i, ports: ['9:9']}}\n"
       "--- compose.override.yaml\nservices: {b: {image: j, ports: ['1:1']}, a: {extends: b, "
       "ports: !override ['2:2']}}\n",
       "a image=j ports=2:2/tcp\nb image=j ports=1:1/tcp\n", ""},
      {"services: {a: {image: i, extends: nope}}\n", "a image=i\n",
       "compose.yaml:1:35 error compose-extends-unknown \"nope\"\n"},
      {"services: {a: {image: i, extends: b}, b: {extends: a}}\n", "a image=i\nb image=i\n",
       "compose.yaml:1:35 error compose-extends-cycle \"b\"\n"},
      {"services: {a: {image: i, extends: a}}\n", "a image=i\n",
       "compose.yaml:1:35 error compose-extends-cycle \"a\"\n"},
      {"services: {a: {image: i, extends: {file: nope.yaml, service: b}}}\n", "a image=i\n",
       "compose.yaml:1:42 error compose-file \"nope.yaml\"\n"},
      {"services: {a: {image: i, extends: {file: x}}}\n", "a image=i\n",
       "compose.yaml:1:35 error compose-extends-form \"{file: x}\"\n"},
      {"services: {a: {image: i, extends: {file: 'https://x/y.yaml', service: b}}}\n",
       "a image=i\n", "compose.yaml:1:42 information compose-remote \"'https://x/y.yaml'\"\n"},
      {"services: {base: , a: {extends: base, image: i}}\n", "base\na image=i\n", ""},
      {"--- compose.yaml\nservices: {a: {image: i, extends: {file: b.yaml, service: b}}}\n--- "
       "b.yaml\nx: 1\n",
       "a image=i\n", "compose.yaml:1:59 error compose-extends-unknown \"b\"\n"},
  });
}

TEST_CASE("extends across files goes round once") {
  const Project project =
      Files(
          "--- compose.yaml\nservices: {a: {image: i, extends: {file: b.yaml, service: b}}}\n"
          "--- b.yaml\nservices: {b: {extends: {file: compose.yaml, service: a}, restart: no}}\n")
          .load();
  CHECK(render(project) == "a image=i restart=no\n");
  CHECK(render_findings(project).find("compose-extends-cycle") != std::string::npos);
}

TEST_CASE("include") {
  check({
      {"--- compose.yaml\ninclude: [inc/c.yaml]\nservices: {a: {image: '${V-none}', depends_on: "
       "[b]}}\n"
       "--- inc/c.yaml\nservices: {b: {image: '${V}', build: .}}\n--- inc/.env\nV=1\n",
       "a image=none depends=b\nb image=1 build=/p/inc dockerfile=Dockerfile\n", ""},
      {"--- compose.yaml\ninclude:\n  - path: [inc/c.yaml, inc/o.yaml]\n    project_directory: "
       "other\n    env_file: [my.env]\n"
       "--- inc/c.yaml\nservices: {b: {image: '${V}', build: ctx, ports: ['1:1']}}\n"
       "--- inc/o.yaml\nservices: {b: {ports: ['2:2']}}\n--- my.env\nV=1\n--- inc/.env\nV=2\n",
       "b image=1 build=/p/other/ctx dockerfile=Dockerfile "
       "ports=1:1/tcp,2:2/tcp\n",
       ""},
      {"--- compose.yaml\ninclude: [{path: inc/c.yaml, env_file: /dev/null}]\n"
       "--- inc/c.yaml\nservices: {b: {image: '${V-none}'}}\n--- inc/.env\nV=2\n",
       "b image=none\n", ""},
      // What the including file says itself is laid over what it includes.
      {"--- compose.yaml\ninclude: [c.yaml]\nservices: {b: {ports: ['2:2'], restart: no}}\n"
       "--- c.yaml\nservices: {b: {image: i, ports: ['1:1']}}\n",
       "b image=i ports=1:1/tcp,2:2/tcp restart=no\n", ""},
      {"--- compose.yaml\ninclude: [c.yaml]\nservices: {b: {ports: !override ['2:2']}}\n"
       "--- c.yaml\nservices: {b: {image: i, ports: ['1:1']}}\n",
       "b image=i ports=2:2/tcp\n", ""},
      {"--- compose.yaml\ninclude: [c.yaml]\nservices: {a: {extends: b}}\n--- c.yaml\nservices: "
       "{b: {image: i}}\n",
       "a image=i\nb image=i\n", ""},
      {"--- compose.yaml\ninclude: [x/1.yaml]\n--- x/1.yaml\ninclude: [y/2.yaml]\nservices: {one: "
       "{build: .}}\n"
       "--- x/y/2.yaml\nservices: {two: {build: .}}\n",
       "one build=/p/x dockerfile=Dockerfile\ntwo build=/p/x/y dockerfile=Dockerfile\n", ""},
      {"--- compose.yaml\ninclude: [a.yaml]\n--- a.yaml\ninclude: [compose.yaml]\nservices: {b: "
       "{image: i}}\n",
       "b image=i\n", "a.yaml:1:11 error compose-include-cycle \"compose.yaml\"\n"},
      {"include: [nope.yaml]\nservices: {a: {image: i}}\n", "a image=i\n",
       "compose.yaml:1:11 error compose-file \"nope.yaml\"\n"},
      {"--- compose.yaml\ninclude: [{path: c.yaml, env_file: no.env}]\n--- c.yaml\nservices: {b: "
       "{image: i}}\n",
       "b image=i\n", "compose.yaml:1:18 error compose-file \"c.yaml\"\n"},
      {"--- compose.yaml\ninclude: [c.yaml]\n--- c.yaml\nservices: {b: {image: i}}\n--- .env\nA "
       "B=1\n",
       "b image=i\n",
       "compose.yaml:1:1 error compose-env-syntax \"\"\ncompose.yaml:1:11 error compose-env-syntax "
       "\"c.yaml\"\n"},
      {"include: c.yaml\n", "", "compose.yaml:1:10 error compose-include-form \"c.yaml\"\n"},
      {"include: [{project_directory: x}]\n", "",
       "compose.yaml:1:11 error compose-include-form \"{project_directory: x}\"\n"},
      {"include: ['https://x/y.git', 'oci://z']\n", "",
       "compose.yaml:1:11 information compose-remote \"'https://x/y.git'\"\n"
       "compose.yaml:1:30 information compose-remote \"'oci://z'\"\n"},
      {"include: \nservices: {a: {image: i}}\n", "a image=i\n", ""},
  });
}

TEST_CASE("files that are not what they should be keep what can be read") {
  check({
      {"", "", "compose.yaml:1:1 error compose-empty \"\"\n"},
      {"[a, b]\n", "", "compose.yaml:1:1 error compose-not-a-mapping \"[a, b]\"\n"},
      {"services: [a]\n", "", "compose.yaml:1:11 error compose-not-a-mapping \"[a]\"\n"},
      {"services:\n", "", ""},
      {"services:\n  a:\n  b: {image: i}\n", "a\nb image=i\n", ""},
      {"name: '!!'\nservices: {a: {image: i}}\n", "a image=i\n",
       "compose.yaml:1:7 error compose-no-name \"'!!'\"\n"},
      {"services: {a: {image: i, labels: {x: 1, x: 2}}}\n", "a image=i labels=x=1\n",
       "compose.yaml:1:41 error compose-duplicate-key \"x\"\n"},
  });
  const Project broken =
      Files("services:\n  a:\n    image: i\n    por\n  b:\n    image: j\n    ports: ['1:1'\n")
          .load();
  CHECK(render(broken).find("a image=i") != std::string::npos);
  CHECK(render(broken).find("b image=j ports=1:1/tcp") != std::string::npos);
  CHECK_FALSE(broken.files.at(0).findings.empty());
}

TEST_CASE("several documents in one file are merged in order") {
  check({
      {"services: {a: {image: i, ports: ['1:1']}}\n---\nservices: {a: {image: j, ports: ['2:2']}, "
       "b: {image: k}}\n",
       "a image=j ports=1:1/tcp,2:2/tcp\nb image=k\n", ""},
  });
}

TEST_CASE("origins point at where things are written") {
  const Project project = Files(R"(--- compose.yaml
x-base: &base
  image: nginx
  healthcheck: &check {test: x}
services:
  web:
    <<: *base
    ports: ["80:80"]
    depends_on: [db]
  db: {image: first, mem_limit: 1g}
--- compose.override.yaml
services:
  db:
    image: second
    depends_on:
      web: {condition: service_started}
)")
                              .load();
  const auto at = [&](const Origin& origin) { return render_origin(project, origin); };
  const Service& web = *project.find("web");
  CHECK(at(web.name_origin) == "compose.yaml:5 \"web\"");
  CHECK(at(web.image_origin) == "compose.yaml:2 \"nginx\"");
  CHECK(at(web.healthcheck->origin) == "compose.yaml:3 \"{test: x}\"");
  CHECK(at(web.ports.at(0).origin) == "compose.yaml:7 \"\"80:80\"\"");
  CHECK(at(web.dependencies.at(0).origin) == "compose.yaml:8 \"db\"");
  const Service& db = *project.find("db");
  CHECK(at(db.name_origin) == "compose.override.yaml:2 \"db\"");
  CHECK(at(db.image_origin) == "compose.override.yaml:3 \"second\"");
  CHECK(at(db.mem_limit_origin) == "compose.yaml:9 \"1g\"");
  CHECK(at(db.dependencies.at(0).origin) == "compose.override.yaml:5 \"web\"");
  CHECK(project.find("nobody") == nullptr);
  CHECK(project.place({9, {}}) == "");
  CHECK(join(project.file_paths, " ") == "/p/compose.yaml /p/compose.override.yaml");
}

TEST_CASE("the files of a project, each once, and those that Compose's labels name") {
  const Project project = Files(R"(--- compose.yaml
include: [c.yaml, c.yaml]
services: {a: {extends: {file: b.yaml, service: b}}, d: {extends: {file: b.yaml, service: b}}}
--- b.yaml
services: {b: {image: i}}
--- c.yaml
services: {c: {image: i}}
)")
                              .load();
  std::vector<std::string> paths;
  for (const SourceFile& file : project.files) paths.push_back(file.path);
  CHECK(join(paths, " ") == "/p/compose.yaml /p/c.yaml /p/b.yaml");
  CHECK(join(project.file_paths, " ") == "/p/compose.yaml");
}

}  // namespace dockhand::compose::test
