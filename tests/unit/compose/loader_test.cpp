#include "compose/loader.h"

#include <doctest/doctest.h>

#include "compose/render.h"

namespace dockhand::compose::test {

TEST_CASE("a simple project") {
  const Files files(R"(services:
  web:
    image: nginx
    ports: ["8080:80"]
    depends_on: [db]
  db:
    image: postgres
)");
  CHECK(render(files.load()) ==
        "web image=nginx ports=8080:80/tcp depends=db\n"
        "db image=postgres\n");
}

}  // namespace dockhand::compose::test
