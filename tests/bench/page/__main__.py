import sys

from tests.bench.page.main import main

sys.exit(main(sys.argv[1:]))
