"""Lets time pass for dead workers: each line names the ids of some, and their jobs are queued anew.

Their last heartbeat is made old, as it would be half a minute later; the product's own recovery does the rest.
Answers with the number of jobs, or with the name of the error when the database is away.
"""

import sys

import django
from django.db import connection

AGE = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' WHERE id = ANY(%s)"


def main() -> None:
    django.setup()
    from crosstie.jobs import recovery

    for line in sys.stdin:
        try:
            with connection.cursor() as cursor:
                cursor.execute(AGE, [[int(word) for word in line.split()]])
            answer = str(recovery.recover(settle=0))
        except Exception as error:
            connection.close()
            answer = type(error).__name__
        print(answer, flush=True)


if __name__ == "__main__":
    main()
